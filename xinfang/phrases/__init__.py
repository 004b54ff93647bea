"""常用语: the sentences that an office writes a thousand times a year, of the department and of each person.

They help to write and prove nothing; the words of a case are put into them where its form is shown.
"""
