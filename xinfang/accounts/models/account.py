"""What belongs to an account: given and earlier passwords, the second factor, sign-ins, and changes that wait."""

from django.conf import settings
from django.db import models

from xinfang.audit.noted_rows import NotedModel


class OldPassword(NotedModel):
    """A password that was in use, as Django's salted hash; the last few may not come back."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField("设置时间")

    class Meta:
        ordering = ["-id"]


class GivenPassword(NotedModel):
    """A password that the program made for somebody's first sign-in: by whom it came, and whether it was used.

    Two people hold one half each. The confirmer saw theirs at once; the proposer's waits here, under a key that the
    vault wraps, until they open it, at most 24 hours and never beyond the first sign-in.
    """

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="given_passwords")
    made_at = models.DateTimeField("生成时间")
    until = models.DateTimeField("有效至")
    password = models.CharField(max_length=128)
    """As Django's salted hash, so that a person who comes with it after somebody else has used it is told so."""
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    """Both empty when it was given at the command line of the server."""
    wrapped_key = models.BinaryField(null=True)
    half = models.BinaryField(null=True)
    opened_at = models.DateTimeField("提出人查看时间", null=True)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        ordering = ["-id"]


class Authenticator(NotedModel):
    """The second factor of one person: a TOTP secret (RFC 6238), sealed by a key of its own that the vault wraps.

    Not django-otp's own device: that one keeps its secret readable in the database. The arithmetic is django-otp's.
    """

    staff = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticator")
    wrapped_key = models.BinaryField()
    secret = models.BinaryField()
    confirmed_at = models.DateTimeField("启用时间", null=True)
    """Empty while it is being set up: a secret that no code was ever shown for protects nobody."""
    last_step = models.BigIntegerField(default=0)
    """The 30-second step of the last code that was accepted; it and earlier ones are refused (replay)."""


class RecoveryCode(NotedModel):
    """A one-time code for a person who has lost their phone.

    Only the keyed hash (HMAC-SM3, key outside the database) is kept.
    """

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField("使用时间", null=True)


class SignIn(models.Model):
    """One sign-in: who, when, from where, and how it ended. Kept after its session is gone."""

    class Why(models.TextChoices):
        LEFT = "left", "本人退出"
        ELSEWHERE = "elsewhere", "本人在别处结束"
        PASSWORD = "password", "密码已更改"
        RESET = "reset", "管理员重设"
        IDLE = "idle", "闲置超时"
        TOO_LONG = "too_long", "超过最长时间"
        GONE = "gone", "账号停用或离任"
        REPLACED = "replaced", "同一浏览器重新登录"

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sign_ins")
    key_hash = models.CharField(max_length=40, unique=True)
    """The session's name in the session table, itself a hash: the cookie's value is kept nowhere."""
    began_at = models.DateTimeField("登录时间")
    last_seen_at = models.DateTimeField("最近使用")
    address = models.GenericIPAddressField("地址", null=True)
    device = models.CharField("设备", max_length=60, blank=True)
    second_factor = models.BooleanField("已用验证码", default=False)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_why = models.CharField("结束原因", max_length=20, choices=Why.choices, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["staff", "ended_at", "-id"], name="sign_ins_open")]


class PendingChange(NotedModel):
    """A change of who may do what, proposed by one person and waiting for another. Decided ones stay on record."""

    class Kind(models.TextChoices):
        ADD_DUTY = "add_duty", "授予职责"
        END_DUTY = "end_duty", "结束职责"
        ABSENCE = "absence", "安排代行"
        RETURN = "return", "恢复在任"
        LEAVE = "leave", "离任"
        ABOUT = "about", "更改资料"
        UNIT = "unit", "更改单位"
        NEW_PASSWORD = "new_password", "一次性密码"
        FORGET_SECOND_FACTOR = "forget_second_factor", "清除验证器"

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "未同意"
        WITHDRAWN = "withdrawn", "已撤回"

    kind = models.CharField("变更", max_length=30, choices=Kind.choices)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes_waiting")
    data = models.JSONField("内容", default=dict)
    text = models.CharField("内容", max_length=200)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)
    outcome = models.CharField("结果", max_length=20, choices=Outcome.choices, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["decided_at", "-id"], name="changes_waiting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.text}"
