"""信访窗口: what the petitioner sees and can do, without an account (N18, N21).

Here a petition is submitted, followed by number, inquiry code and a second proof, and acted on; the public page needs
no proof. The window opens one case at a time, the one that was proven, and shows what is the petitioner's to know:
nothing that the department only says to itself, no name of its staff, nobody else's data. Every act is a step that
`cases.actions.perform` takes with the petitioner as actor. Desk pages are in `casework`.
"""
