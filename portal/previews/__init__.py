"""Previews: what a stored file looks like, without opening it in a program of one's own.

A PDF becomes pictures of its pages with their text; a DOCX becomes cleaned HTML with its pictures.
Other kinds have no preview. It is made after the commit (``jobs.py``) in a process with limits
(``renderer.py``); the pictures lie beside the files (``storage.py``) and can be made again at any
time, so no backup holds them. Who may see a file may see its preview: the routes belong to whoever
owns the file.

    actions.ask(blob)                        # have it made, in the transaction that stores the file
    shown.shown_of(blobs)                    # what there is so far, for a page
    sending.send_picture(blob, number)       # the answer that carries one picture
"""
