"""What attachments write: files of a case, uploads, jobs of reading scans."""
