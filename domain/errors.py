"""Refusals: each broken rule has a class, and the class name is the error code everywhere.

A message names ids and rules, never a person: it travels through Temporal, logs and answers.
"""


class Refused(Exception):  # noqa: N818 - the word of the field, and the base of all codes
    """A wish that a rule forbids. Repeating it unchanged cannot help."""


class WrongState(Refused):
    """The thing is not in the state that this move needs."""


class NotPlanned(WrongState):
    """The cycle was launched a moment ago and its plan is being made; ask again in a second."""


class NotYours(Refused):
    """Another role or person acts here."""


class RightEnded(NotYours):
    """The right to decide has ended, or somebody stands in its holder's place."""


class OwnDraft(NotYours):
    """Nobody approves what he drafted himself, where the route says so."""


class NotFound(Refused):
    """Nothing has this id, or the reader may not know that something has."""


class StaleVersion(Refused):
    """The wish was made on an older version than the one in force."""


class RemarkMissing(Refused):
    """Sending back and refusing need words that say why; so do a remark and its answer."""


class NotAMember(Refused):
    """Only members of a body on its day sit there, and one of those present presides."""


class NoQuorum(Refused):
    """Fewer members came to a sitting than the body needs to decide anything."""


class TooManyVotes(Refused):
    """More voices than there were people present."""


class NoMajority(Refused):
    """Approval needs more than half of those present."""


class ItemsUndecided(Refused):
    """A sitting that was held has decided each item of its agenda, and each once."""


class ConsentMissing(Refused):
    """A person's data may not be processed further: a needed consent is not in force."""


class ProofMissing(Refused):
    """The result is not proved by the kind of proof that its row demands."""


class BadDate(Refused):
    """A date that cannot be: in the future, before the start, or after the end."""


class RoleUnmapped(Refused):
    """A role of the roadmap has no person or body at launch."""


class PairExists(Refused):
    """The mentee already has an open pair in this cycle and form."""


class AlreadyLaunched(Refused):
    """This roadmap already runs for this organisation and period."""


class WrongLevel(Refused):
    """An organisation stands below one of a higher level only."""


class RowAtWork(Refused):
    """A document of the row is on its way: it is withdrawn first."""


class PairsNeedRow(Refused):
    """Pairs wait for the order that this row makes."""


class NotAdaptable(Refused):
    """The roadmap came from the cycle above, which lets nobody change this in it."""


class RowDoesNotFit(Refused):
    """A row that is added contradicts the cycle's roadmap, or has a number of another."""


class RoadmapConflict(Refused):
    """A new version of the roadmap does not fit what was done in the cycle; each row is named."""


class NotInForce(Refused):
    """A document that is not in force yet cannot be amended, cancelled, replaced or ended, and
    nobody is acquainted with it.
    """


class NotNamed(Refused):
    """The document does not name this person: there is nothing to be acquainted with."""


class AcquaintedAlready(Refused):
    """This person's acquaintance with the document is recorded, with another day."""


class CancelledAlready(Refused):
    """The document was cancelled, replaced or ended before: nothing is left to change."""


class ForeignDocument(Refused):
    """A document changes papers of its own cycle only."""


class ChangesItself(Refused):
    """A document cannot change itself."""


class MaskNotUnique(Refused):
    """A journal's mask could give a number twice, by itself or with another journal's."""


class NumberTaken(Refused):
    """The number was given, or is void: nothing else gets it."""


class ForeignNumber(Refused):
    """The number is one that another journal gives."""


class NumberTooFar(Refused):
    """A typed number is so far ahead that it must be a slip."""


class IncomingKnown(Refused):
    """This paper from outside has our number already."""


class ActsForHimself(Refused):
    """Nobody can act in his own place."""


class RightTaken(Refused):
    """Somebody has this right in the same days, or stands fully in that place."""


class SubstitutionCircle(Refused):
    """People would stand in each other's places in the same days: nobody would decide."""


class RightOver(Refused):
    """A recorded right is over, or its end was said."""


class NotAbove(Refused):
    """The recipient that a consent names does not stand above this organisation in the system."""


class TransferFixed(Refused):
    """What a recipient above is shown, and for what, is fixed: a consent does not word it anew."""


class FactMissing(Refused):
    """A document's template asks for a fact that is missing, empty or of the wrong kind."""


class TemplateFault(Refused):
    """A template cannot be rendered: an unknown field, a broken tag, a forbidden expression."""


class BadTemplate(Refused):
    """An uploaded template has mistakes; nothing of it was taken."""


class BadRoadmap(Refused):
    """A roadmap breaks the format or contradicts itself."""


class NoRoadmapTable(Refused):
    """A document that should hold a roadmap has no table that is asked for."""


class NoActivityColumn(Refused):
    """None of the tables has a column of activities beside their deadlines, people or results."""


class SeveralRoadmapTables(Refused):
    """Several tables of unlike columns could be the roadmap; somebody must choose."""


class BadRules(Refused):
    """Rules that came as data contradict themselves or are not understood."""


class BadSpreadsheet(Refused):
    """An imported table has mistakes; nothing of it was taken."""


class BadFigures(Refused):
    """Figures of a report are missing, no numbers, or contradict each other."""


class BadUpload(Refused):
    """An uploaded file is empty, too large or not of an accepted type."""


class ForeignPages(Refused):
    """A page of the scan is of another document or version than the one that is signed."""


class InfectedFile(Refused):
    """The antivirus found something in an uploaded file; nothing of it was kept."""


class ChecksBusy(Refused):
    """Too many files are being checked at this moment; the same request may be sent again."""


class BadSignatureFile(Refused):
    """A file is no detached signature that can be read: broken, too large, attached, or empty."""


class SignatureRefused(Refused):
    """A signature is not right, not of this file, or not trusted; all three answers are told."""


class NotTheSigner(Refused):
    """The certificate's owner is nobody whose signature the document wants."""


class OnPaperOnly(Refused):
    """The document is signed by hand: its kind asks for it, or we do not know all who sign."""


class BadAuthorities(Refused):
    """The administrator's folder of authorities holds a file that is no certificate and no list."""


class CopyUnavailable(Refused):
    """No PDF copy can be made now: LibreOffice is missing, was ended at a limit, or is busy."""


class EventNotHeld(Refused):
    """An event that is still ahead, or of which nobody knows how many came, proves nothing."""


class EventWithdrawn(Refused):
    """What was withdrawn is neither corrected nor looked after, and proves nothing."""


class ProvesRow(Refused):
    """What proves a result of a row is not withdrawn: the row would lose its proof."""


class BeingNamed(ProvesRow):
    """It is being named as the proof of a row at this moment; ask again in a minute."""


class TooFewAttended(Refused):
    """Fewer people came to the event than the row demands."""


class WrongEventKind(Refused):
    """The row asks for events of other kinds."""


class ListTooLong(Refused):
    """More people are listed than came to the event."""


class NotAnAddress(Refused):
    """What is given as the address of a page is none of http or https."""


class ForeignEvidence(Refused):
    """The event or publication belongs to another programme, or to another of its years."""


class AlreadyCounted(Refused):
    """This event or publication is counted for this result already."""


class EnoughEvidence(Refused):
    """A row that collects takes no more: so much is kept of each result."""


class IndicatorComputed(Refused):
    """The indicator is counted from rows: nobody types it in."""


class IndicatorUnknown(Refused):
    """The programme has no such indicator, or the indicator no such year or period."""


class FuturePeriod(Refused):
    """The period of which a value is told has not begun."""


class NotWhole(Refused):
    """A figure that the indicator cannot have: people and things are whole numbers."""


class BytesChanged(Refused):
    """Stored bytes differ from the hash that was recorded for them."""


class KeyDestroyed(Refused):
    """The object's key was destroyed by an act; its content cannot be read again."""


class StillKept(Refused):
    """The document is still to be kept: its term is not over, not known yet, or there is none."""


class ExpertiseMissing(Refused):
    """What bears «ЭПК» is destroyed only after the expert commission has looked at it."""


class WrongKey(Refused):
    """The master key does not open what was wrapped with it."""


class KeyReused(Refused):
    """An idempotency key came again with another request."""


class StillWorking(Refused):
    """The same request is being answered at this moment; ask again in a second."""


class WrongPassword(Refused):
    """Login and password do not belong together; which of the two is wrong is not told."""


class WeakPassword(Refused):
    """A new password that is too short, too plain or the old one."""


class LoginTaken(Refused):
    """Another account has this login."""


class TooOften(Refused):
    """Too many tries: wait a while."""


class ForgedCheckpoint(Refused):
    """A checkpoint of a log is not readable, or not signed by the key that is known."""


class LogForked(Refused):
    """A log does not continue what was kept of it: it was cut off or rewritten."""


class StaleProof(Refused):
    """A proof begins at another state of the log than the one that is kept."""


class LogKeyMissing(Refused):
    """The key of a log is not known yet and was not named."""
