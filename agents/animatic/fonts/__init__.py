"""The typefaces of pictures, titles and captions: Noto Sans under the SIL Open Font License (OFL.txt)."""

from pathlib import Path

FONTS = Path(__file__).parent  # the folder with NotoSans-*.ttf
