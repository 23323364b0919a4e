"""The built-in agents, one file each."""

from agents.contract import Agent
from agents.crew.best_image_selector import BestImageSelector
from agents.crew.camera_image_generator import CameraImageGenerator
from agents.crew.character_extractor import CharacterExtractor
from agents.crew.character_portraits_generator import CharacterPortraitsGenerator
from agents.crew.clip_maker import ClipMaker
from agents.crew.event_extractor import EventExtractor
from agents.crew.film_composer import FilmComposer
from agents.crew.global_information_planner import GlobalInformationPlanner
from agents.crew.novel_compressor import NovelCompressor
from agents.crew.reference_image_selector import ReferenceImageSelector
from agents.crew.scene_extractor import SceneExtractor
from agents.crew.screenwriter import Screenwriter
from agents.crew.script_enhancer import ScriptEnhancer
from agents.crew.script_planner import ScriptPlanner
from agents.crew.sound_designer import SoundDesigner
from agents.crew.storyboard_artist import StoryboardArtist
from agents.crew.video_editor import VideoEditor
from agents.crew.voice_actor import VoiceActor

# In the order in which a film passes through their hands.
CREW: tuple[type[Agent], ...] = (
    NovelCompressor,
    EventExtractor,
    GlobalInformationPlanner,
    SceneExtractor,
    ScriptPlanner,
    Screenwriter,
    ScriptEnhancer,
    CharacterExtractor,
    CharacterPortraitsGenerator,
    StoryboardArtist,
    FilmComposer,
    SoundDesigner,
    VoiceActor,
    ReferenceImageSelector,
    CameraImageGenerator,
    BestImageSelector,
    ClipMaker,
    VideoEditor,
)
