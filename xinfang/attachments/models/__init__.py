"""The tables of attachments."""

from .files import Attachment
from .reading import FileView, Reading, Upload

__all__ = ["Attachment", "FileView", "Reading", "Upload"]
