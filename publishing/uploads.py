"""Taking in uploads: what is over the limit is counted and let go, so that it fills neither memory nor disk."""

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

SHEETS = 20  # MB that a sheet for import may have, whatever a file of a record may


class SizeLimit(FileUploadHandler):
    """Stands before Django's own handlers. A form then finds an empty file that says how large it was."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = 0

    @property
    def _over(self) -> bool:
        return self.received > max(settings.MAX_FILE_MB, SHEETS) * 1024 * 1024

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        return None if self._over else raw_data

    def file_complete(self, file_size):
        if not self._over:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, size=self.received)
