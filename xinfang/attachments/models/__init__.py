"""The tables of attachments."""

from xinfang.attachments.models.files import Attachment
from xinfang.attachments.models.originals import OriginalPlace
from xinfang.attachments.models.uploads import OcrJob, PageRendering, Upload

__all__ = ["Attachment", "OcrJob", "OriginalPlace", "PageRendering", "Upload"]
