"""From where a request comes, as lockout, sign-ins and rate limits know it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the visitor's address; None where there is none (a test, a command).

    Behind a proxy (XINFANG_HTTPS=1) it is the last entry of X-Forwarded-For, the one the proxy itself wrote: what the
    visitor sent comes before it. Without a proxy that header could be anybody's invention and is not read.
    """
    candidates = [request.META.get("REMOTE_ADDR", "")]
    if settings.HTTPS:
        candidates.insert(0, request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2])
    for candidate in candidates:
        try:
            return str(ipaddress.ip_address(candidate.strip()))
        except ValueError:
            continue
    return None


def client_device(request: HttpRequest) -> str:
    """Return the browser and system in words that people recognise: Edge · Windows."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browsers = {
        "MicroMessenger": "微信",
        "DingTalk": "钉钉",
        "360SE": "360浏览器",
        "QQBrowser": "QQ浏览器",
        "Edg": "Edge",
        "Firefox": "Firefox",
        "Chrome": "Chrome",
        "Safari": "Safari",
    }
    systems = {
        "HarmonyOS": "鸿蒙",
        "OpenHarmony": "鸿蒙",
        "Android": "安卓手机",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Windows": "Windows",
        "Mac OS": "macOS",
        "Linux": "Linux",
    }
    found = [next((words for mark, words in table.items() if mark in agent), "") for table in (browsers, systems)]
    return " · ".join(word for word in found if word) or "未知设备"
