/** The SQLSTATEs that are decided upon; see appendix A of PostgreSQL's manual. */
export const SQLSTATE = {
  serializationFailure: "40001",
  deadlockDetected: "40P01",
  lockNotAvailable: "55P03",
  duplicateObject: "42710",
  invalidParameterValue: "22023",
  undefinedTable: "42P01",
  undefinedColumn: "42703",
  undefinedFunction: "42883",
  invalidCatalogName: "3D000",
  invalidSchemaName: "3F000",
  invalidPassword: "28P01",
  queryCanceled: "57014",
  insufficientPrivilege: "42501",
  cannotConnectNow: "57P03",
  objectNotInPrerequisiteState: "55000",
  internalError: "XX000",
} as const;
