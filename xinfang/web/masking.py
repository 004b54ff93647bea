"""Personal data as pages show it by default (PIPL 51)."""

from xinfang.procedure.words import PersonKind


def masked(name: str, kind: str = "natural") -> str:
    """Return a name as 张** (PIPL 51: masked by default).

    An organisation keeps its first three and last four characters.
    """
    if not name:
        return "姓名不清"
    if kind != PersonKind.NATURAL and len(name) > 8:
        return f"{name[:3]}**{name[-4:]}"
    return f"{name[0]}**"


def masked_phone(phone: str) -> str:
    """Return a telephone number as 150****5678; shorter ones show nothing."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****" if phone else ""


def masked_address(address: str) -> str:
    """Return the first six characters, as far as a place without a door."""
    return f"{address[:6]}****" if address else ""


def masked_mail(address: str) -> str:
    """Return an e-mail address as its first letter and its server: w***@example.cn."""
    name, at, server = address.rpartition("@")
    return f"{name[:1]}***@{server}" if at else "***" if address else ""
