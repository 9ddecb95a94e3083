"""The demo: two cohorts in the middle of a course, around the day on which they are loaded.

`names`, `places`, `people`, `rosters`, `projects`, `writing`, `papers` and `story` are pure: the
same seed gives the same. `loader` carries the story out through the importers and actions that
people use, and `renewal` moves every date when the demo has grown old.
"""
