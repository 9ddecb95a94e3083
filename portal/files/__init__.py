"""Stored files: bytes on disk under their own hash, checked on the way in, harmless on the way out.

What other features use:

    kept = storage.keep(stream, at_most=...)         # bytes to disk; touches no database
    kind = kinds.accepted(kept, name, allowed)       # or Refused, with a sentence for the person
    blob = actions.blob_of(kept, kind)               # the row, inside the caller's transaction
    actions.store(stream, name, allowed, at_most)    # all three at once
    storage.open_blob(blob), storage.hash_of(blob)   # read back
    sending.send_blob(blob, name, inline=False)      # the answer of a view
    names.display_name(name)                         # a name fit to be shown and kept
"""
