/** What the board holds at most. The server enforces these; the page reads them for its `maxLength`s. */
export const LIMITS = {
  /** So that a list stays something a person can take in. */
  tasksPerList: 20,
  lists: 12,
  /** Messages a newcomer is sent; older ones stay in the database. */
  recentMessages: 100,
  personNameLength: 32,
  listNameLength: 40,
  taskTitleLength: 200,
  messageLength: 1000,
  fileNameLength: 255,
  fileTypeLength: 100,
  /** 64 MiB. */
  fileBytes: 67_108_864,
} as const
