"""Chooses the provider of each studio by the settings. The only place that knows both."""

from functools import cache

from django.conf import settings

from agents.studio.contract import ImageStudio, SpeechStudio, TextStudio, VideoStudio


def text_studio() -> TextStudio:
    """The provider named by STUDIO_TEXT."""
    return _text(settings.STUDIO_TEXT)


def image_studio() -> ImageStudio:
    """The provider named by STUDIO_IMAGES."""
    return _images(settings.STUDIO_IMAGES)


def video_studio() -> VideoStudio:
    """The provider named by STUDIO_VIDEO."""
    return _video(settings.STUDIO_VIDEO)


def speech_studio() -> SpeechStudio | None:
    """The provider named by STUDIO_SPEECH; None where nobody is to speak."""
    return None if settings.STUDIO_SPEECH == "off" else _speech(settings.STUDIO_SPEECH)


# Imports are inside: an installation without keys never loads the OpenAI client, and the reverse.


@cache
def _text(provider: str) -> TextStudio:
    if provider == "openai":
        from agents.studio.openai.text import OpenAIText  # noqa: PLC0415

        return OpenAIText()
    from agents.studio.offline.text import OfflineText  # noqa: PLC0415

    return OfflineText()


@cache
def _images(provider: str) -> ImageStudio:
    if provider == "openai":
        from agents.studio.openai.images import OpenAIImages  # noqa: PLC0415

        return OpenAIImages()
    from agents.studio.offline.images import OfflineImages  # noqa: PLC0415

    return OfflineImages()


@cache
def _video(provider: str) -> VideoStudio:
    if provider == "openai":
        from agents.studio.openai.video import OpenAIVideo  # noqa: PLC0415

        return OpenAIVideo()
    from agents.studio.offline.video import OfflineVideo  # noqa: PLC0415

    return OfflineVideo()


@cache
def _speech(provider: str) -> SpeechStudio:
    if provider == "openai":
        from agents.studio.openai.speech import OpenAISpeech  # noqa: PLC0415

        return OpenAISpeech()
    if provider == "flite":
        from agents.studio.offline.flite import FliteSpeech  # noqa: PLC0415

        return FliteSpeech()
    if provider == "piper":
        from agents.studio.offline.piper import PiperSpeech  # noqa: PLC0415

        return PiperSpeech()
    from agents.studio.offline.speech import OfflineSpeech  # noqa: PLC0415

    return OfflineSpeech()
