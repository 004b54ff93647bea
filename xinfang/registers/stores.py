"""The files of exports. They are no records: they go within a day, and no backup holds them."""

from xinfang.core import file_store
from xinfang.registers.models import ExportJob

STORES = (
    file_store.FileStore(
        lambda: iter(()), lambda: ExportJob.objects.exclude(address="").values_list("address", flat=True)
    ),
)
