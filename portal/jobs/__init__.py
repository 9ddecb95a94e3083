"""What must happen after the commit, once: mail, renders, archives, and what happens every day.

A job is a row written in the transaction that needs it, so it commits or vanishes with it. The
worker claims it under a lease, runs its handler, and marks it done in the handler's transaction.
huey only wakes the worker sooner; a job whose nudge or worker was lost comes back by the sweep.
Handlers may run twice and must do no harm then.
"""
