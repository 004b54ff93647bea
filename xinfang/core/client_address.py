"""From where a request comes, as lockout, sign-ins and rate limits know it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the visitor's address; None where there is none (a test, a command).

    Behind a proxy it is the last entry of X-Forwarded-For, the one the proxy itself wrote: what the visitor sent comes
    before it. Without a proxy that header could be anybody's invention and is not read.
    """
    beside = request.META.get("REMOTE_ADDR", "")
    candidates = [beside]
    if _is_proxy(beside):
        candidates.insert(0, request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2])
    for candidate in candidates:
        try:
            return str(ipaddress.ip_address(candidate.strip()))
        except ValueError:
            continue
    return None


def _is_proxy(address: str) -> bool:
    """Tell whether this is the proxy in front: one of XINFANG_TRUSTED_PROXIES, and with none whoever asks over HTTPS.

    The program listens on this machine alone unless it is told otherwise, so there the proxy is the only one.
    """
    if not settings.TRUSTED_PROXIES:
        return bool(settings.HTTPS)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in settings.TRUSTED_PROXIES)


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
