"""Every step of the procedure, in the order of a case's life. A step's code is stable; class names may change."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from xinfang.procedure.steps import (
    accused,
    acting_office,
    attachments,
    bureau_advice,
    care,
    closing,
    commendation,
    competence,
    corrections,
    ends_without_reply,
    handling,
    history_import,
    inquiry,
    instruction,
    intake,
    joined_repeats,
    letter_parts,
    messages,
    objections,
    own_power,
    papers,
    people,
    rating,
    reconsideration,
    reply,
    retention,
    review,
    reviewing,
    sampling,
    scanned_papers,
    screening,
    sealing,
    service,
    suggestions,
    supervision,
)

from .. import archive
from ..rules import Step

ALL_STEPS: tuple[type[Step], ...] = (
    intake.Register,
    history_import.ImportHistory,
    intake.LinkRepeat,
    intake.UnlinkRepeat,
    joined_repeats.JoinFirst,
    joined_repeats.HandleApart,
    joined_repeats.AnswerWithFirst,
    letter_parts.SplitOff,
    letter_parts.TellParts,
    intake.Supplement,
    messages.LeaveMessage,
    messages.AnswerMessage,
    people.RecordDeath,
    corrections.Correct,
    ends_without_reply.Withdraw,
    intake.EnterRegional,
    screening.Classify,
    screening.Redirect,
    objections.RaiseObjection,
    objections.ObjectionUpheld,
    objections.ObjectionRejected,
    screening.Forward,
    screening.DirectToLegalRoute,
    screening.Decline,
    competence.TakeAsDisclosure,
    competence.SettleCompetence,
    ends_without_reply.FileWithoutAction,
    ends_without_reply.Reopen,
    reconsideration.RequestReconsideration,
    reconsideration.DecideReconsideration,
    screening.TransferReport,
    sealing.SealCase,
    sealing.UnsealCase,
    ends_without_reply.RefuseFurther,
    instruction.Propose,
    instruction.Instruct,
    instruction.CirculateSheet,
    instruction.ReadSheet,
    handling.Accept,
    inquiry.Acknowledge,
    handling.Refer,
    handling.Assign,
    handling.SignFor,
    handling.SendBack,
    handling.TalkWithPetitioner,
    handling.SettleOnTheSpot,
    handling.PromiseReply,
    handling.AskToMeet,
    handling.DecideMeeting,
    inquiry.SeekLegalAdvice,
    inquiry.GiveLegalAdvice,
    inquiry.Mediate,
    inquiry.HoldHearing,
    inquiry.RequestExtension,
    inquiry.GrantExtension,
    inquiry.LeaveSimple,
    suggestions.StudySuggestion,
    inquiry.AnswerPetition,
    reply.DraftReply,
    reply.ReviewReply,
    reply.SignReply,
    reply.IssueReply,
    reply.ServeReply,
    service.RecordFailedService,
    reply.CarryOut,
    care.FollowUp,
    care.GiveAssistance,
    care.Counsel,
    closing.Close,
    closing.SubmitArchive,
    closing.AcceptArchive,
    closing.ReturnArchive,
    retention.ChangeRetention,
    retention.Destroy,
    review.RequestFirstReview,
    review.FirstReview,
    review.RequestFinalReview,
    review.FinalReview,
    reviewing.TakeAsReview,
    reviewing.DeclineReview,
    reviewing.AcceptReview,
    reviewing.DraftReview,
    reviewing.RecordCompliance,
    own_power.AcceptDuty,
    own_power.DraftDutyReply,
    supervision.Supervise,
    supervision.AnswerSupervision,
    bureau_advice.RecordAdvice,
    bureau_advice.AnswerAdvice,
    supervision.Recuse,
    accused.AddAccused,
    accused.RemoveAccused,
    acting_office.NameActingOffice,
    supervision.ChangeLeader,
    supervision.ChangeHandler,
    supervision.ReportUp,
    rating.Rate,
    sampling.SpotCheck,
    commendation.SuggestCommendation,
    attachments.Attach,
    attachments.WithdrawAttachment,
    papers.MakePaper,
    papers.SubmitPaper,
    papers.CheckPaper,
    papers.SignPaper,
    papers.RevisePaper,
    papers.IssuePaper,
    scanned_papers.FilePaperScan,
    service.SendPaper,
    service.ServePaper,
    papers.WithdrawPaper,
    supervision.Warn,
    supervision.MarkOverdue,
    supervision.Escalate,
    supervision.RecomputeDeadline,
)

STEPS: Mapping[str, type[Step]] = MappingProxyType({s.rule.code: s for s in ALL_STEPS})


def step_label(code: str) -> str:
    """Return what a step is called; of a code that no version ever had, the code itself.

    Only damage leaves such a code in a row.
    """
    return STEPS[code].rule.label if code in STEPS else code


def check_known(codes: Iterable[str], where: str) -> None:
    """Check that a module below the steps names only steps that exist.

    Raises:
        LookupError: it names another.
    """
    unknown = sorted(set(codes) - STEPS.keys())
    if unknown:
        raise LookupError(f"{where} names unknown steps: {', '.join(unknown)}")


check_known(archive.STEP_CODES, "xinfang.procedure.archive")
