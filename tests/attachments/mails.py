"""E-mails as a mail program saves them."""

from email.message import EmailMessage
from email.policy import SMTP


def mail(text: str = "请求补发补助。", *files: tuple[str, bytes], html: str = "") -> EmailMessage:
    found = EmailMessage(policy=SMTP)
    found["From"], found["To"] = "其木格 <someone@example.com>", "xinfang@example.com"
    found["Subject"], found["Date"] = "关于补助未发放的来信", "Tue, 03 Nov 2026 09:32:00 +0800"
    found.set_content(text)
    if html:
        found.add_alternative(html, subtype="html")
    for name, data in files:
        found.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return found


def eml(text: str = "请求补发补助。", *files: tuple[str, bytes], html: str = "") -> bytes:
    return bytes(mail(text, *files, html=html))
