"""The tables of attachments."""

from xinfang.attachments.models.files import Attachment
from xinfang.attachments.models.uploads import OcrJob, PageRendering, Upload

__all__ = ["Attachment", "OcrJob", "PageRendering", "Upload"]
