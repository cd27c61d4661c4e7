// Everything that tasks refuse, with what a caller needs to know about it.
public import Identifiers

public enum TaskError: Error, Sendable, Hashable {
  case templateUnknown(String, field: String)
  case planUnknown(OrgUnitID)
  case taskUnknown(TaskID)
  case photoUnknown(String)
  /// Somebody changed it meanwhile.
  case changed
  /// A template asks what no task may ask about people.
  case peopleNotAsked(field: String, word: String)
  case factNotAField(String)
  case factKind(String)
  case templateRetired(String)
  /// What is asked for once belongs to no plan.
  case periodOnce(String, field: String)
  case notABeat(OrgUnitID)
  case moveNotAllowed(from: TaskState, to: String)
  case sameBeat
  case tooManyPhotos
  case outsideReach(field: String)
  case dueTimeOutOfRange
}
