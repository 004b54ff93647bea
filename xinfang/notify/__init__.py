"""The room of messages: in the desk always, by e-mail where configured."""
