"""The two extensions that our agents declare in their cards (docs/a2a.md): what stands where in metadata."""

from typing import Final

# Params: {"skills": {<skill id>: {"input_schema": …, "output_schema": …}}}. In the metadata of
# - a message: {"skill": <id>}; its message id is that of the job, so that a repetition makes no second task;
# - a part of it that is a file: {"artifact": <by what name the data refers to it>};
# - an artifact of the answer: {"kind": "frame"}. The result is the artifact OUTPUT, one part of data.
SKILLS: Final = "urn:callboard:a2a:skills:1"

# In the metadata of a status update, and of a task: {"fraction": 0.42}.
PROGRESS: Final = "urn:callboard:a2a:progress:1"

OUTPUT: Final = "output"
