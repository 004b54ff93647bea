"""邮箱来件: the department's mailbox, read by IMAP.

Each message is kept whole before anything is made of it, and waits beside its proposal until a person registers it,
joins it to a case, or two agree that it is no petition.

It never answers, moves or deletes a mail, and decides nothing: what it takes for an automatic reply is only put
forward. Every message in the box is accounted for (`xinfang mailbox reconcile`).
"""
