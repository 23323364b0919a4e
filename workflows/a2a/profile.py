"""The three extensions that our agents declare in their cards (docs/a2a.md): what stands where in metadata."""

from typing import Final

# Params: {"skills": {<skill id>: {"input_schema": …, "output_schema": …}}}. In the metadata of
# - a message: {"skill": <id>}; its message id is that of the job, so that a repetition makes no second task;
# - a part of it that is a file: {"artifact": <by what name the data refers to it>};
# - an artifact of the answer: {"kind": "frame"}. The result is the artifact OUTPUT, one part of data.
SKILLS: Final = "urn:callboard:a2a:skills:1"

# In the metadata of a status update, and of a task: {"fraction": 0.42}.
PROGRESS: Final = "urn:callboard:a2a:progress:1"

# In the metadata of a status update, and of a task, as soon as a model was called for it: the sums so far of each model,
# {"models": [{"model": "gpt-4o-mini", "prompt_tokens": 1200, "completion_tokens": 300, "pictures": 2, "video_seconds": 4.0,
# "speech_characters": 90}]}. What is 0 may be left out.
USAGE: Final = "urn:callboard:a2a:usage:1"

OUTPUT: Final = "output"
