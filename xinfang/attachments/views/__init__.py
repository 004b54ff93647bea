"""Pages of attachments: adding, viewing and sending files, scans beside the registration."""
