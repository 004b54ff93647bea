"""进展提醒: an SMS or e-mail that says there is news of a case, to a petitioner who wished for it (PIPL 13-15).

It holds nothing of the case and is no service: nothing counts as told by it, and no limit stops for it. One that
could not be handed to a gateway becomes a task for who works on the case.
"""
