import type { CimRow } from "../../forDoors";

/** A parameter of a method by the way it is written. */
export type ParameterType = "reference" | "dateTime" | "uint16" | "embeddedRelationship";

/** A class as the door knows it. */
export interface CimClass {
  readonly name: string;
  readonly keys: readonly string[];
  /** Properties whose values come from the model. A class has them whether or not there is an instance of it. */
  readonly modelled: readonly string[];
  /** Properties that hosts show and the model does not have, with what they show. */
  readonly alsoShown: CimRow;
  /** Its methods, with their parameters. */
  readonly methods: Readonly<Record<string, Readonly<Record<string, ParameterType>>>>;
}

/** Shown by every managed element; null is what Hyper-V has not implemented. */
const managedElement: CimRow = {
  CommunicationStatus: null,
  DetailedStatus: null,
  OperatingStatus: null,
  PrimaryStatus: null,
};
const never = { dateTime: "1601-01-01T00:00:00.000Z" };

const classes: readonly CimClass[] = [
  {
    name: "Msvm_ReplicationService",
    keys: ["CreationClassName", "Name", "SystemCreationClassName", "SystemName"],
    modelled: ["InstanceID", "ElementName", "OperationalStatus"],
    alsoShown: {
      ...managedElement,
      Caption: "Hyper-V Replica Service",
      Description: "Manages Hyper-V Replica.",
      EnabledDefault: 2,
      EnabledState: 5,
      HealthState: 5,
      InstallDate: null,
      RequestedState: 12,
      Started: true,
      StartMode: "Automatic",
      Status: "OK",
      StatusDescriptions: ["OK"],
    },
    methods: {
      Resynchronize: { ComputerSystem: "reference", StartTime: "dateTime" },
      GetReplicationStatisticsEx: {
        ComputerSystem: "reference",
        ReplicationRelationship: "embeddedRelationship",
      },
    },
  },
  {
    name: "Msvm_ComputerSystem",
    keys: ["CreationClassName", "Name"],
    modelled: [
      "ElementName",
      "Caption",
      "EnabledState",
      "ReplicationMode",
      "ReplicationState",
      "ReplicationHealth",
      "LastReplicationTime",
    ],
    alsoShown: {
      ...managedElement,
      Description: "Microsoft Virtual Machine",
      EnabledDefault: 3,
      HealthState: 5,
      InstallDate: null,
      InstanceID: null,
      LastSuccessfulBackupTime: null,
      NameFormat: null,
      NumberOfNumaNodes: 1,
      // A uint64: its digits may be more than a double can hold.
      OnTimeInMilliseconds: "0",
      OperationalStatus: [2],
      OtherEnabledState: null,
      PrimaryOwnerContact: null,
      PrimaryOwnerName: null,
      ProcessID: null,
      RequestedState: 12,
      ResetCapability: 1,
      Status: "OK",
      StatusDescriptions: ["Operating normally"],
      TimeOfLastStateChange: never,
      TransitioningToState: null,
    },
    methods: {
      RequestReplicationStateChangeEx: {
        ReplicationRelationship: "embeddedRelationship",
        RequestedState: "uint16",
        TimeoutPeriod: "dateTime",
      },
    },
  },
  {
    name: "Msvm_ReplicationRelationship",
    keys: ["InstanceID"],
    modelled: [
      "ElementName",
      "ReplicationState",
      "ReplicationHealth",
      "FailedOverReplicationType",
      "LastReplicationType",
      "LastReplicationTime",
      "LastApplyTime",
      "LastApplicationConsistentReplicationTime",
    ],
    alsoShown: {
      ...managedElement,
      Caption: null,
      Description: null,
      HealthState: null,
      InstallDate: null,
      Name: null,
      OperationalStatus: null,
      Status: null,
      StatusDescriptions: null,
    },
    methods: {},
  },
  {
    name: "Msvm_ReplicationSettingData",
    keys: ["InstanceID"],
    modelled: [
      "ElementName",
      "PrimaryHostSystem",
      "RecoveryHostSystem",
      "PrimaryConnectionPoint",
      "RecoveryConnectionPoint",
      "ReplicationInterval",
      "AutoResynchronizeEnabled",
      "AutoResynchronizeIntervalStart",
      "AutoResynchronizeIntervalEnd",
      "ReplicationProvider",
    ],
    alsoShown: {
      ApplicationConsistentSnapshotInterval: 0,
      AuthenticationType: 1,
      BypassProxyServer: false,
      Caption: null,
      CompressionEnabled: true,
      Description: null,
      IncludedDisks: null,
      RecoveryHistory: 0,
      RecoveryServerPortNumber: 80,
      ReplicateHostKvpItems: true,
    },
    methods: {},
  },
  {
    name: "Msvm_ConcreteJob",
    keys: ["InstanceID"],
    modelled: [
      "ElementName",
      "Name",
      "Caption",
      "Description",
      "JobType",
      "JobState",
      "JobStatus",
      "PercentComplete",
      "ErrorCode",
      "ErrorDescription",
      "ErrorSummaryDescription",
      "TimeSubmitted",
      "ScheduledStartTime",
      "StartTime",
      "TimeOfLastStateChange",
      "ElapsedTime",
      "TimeBeforeRemoval",
      "DeleteOnCompletion",
      "Cancellable",
      "Owner",
      "LocalOrUtcTime",
      "RecoveryAction",
      "Priority",
      "JobRunTimes",
      "HealthState",
      "OperationalStatus",
      "Status",
      "InstallDate",
    ],
    alsoShown: {
      ...managedElement,
      Notify: "",
      OtherRecoveryAction: "",
      RunDay: null,
      RunDayOfWeek: null,
      RunMonth: null,
      RunStartInterval: null,
      StatusDescriptions: ["OK"],
      UntilTime: null,
    },
    methods: {},
  },
  {
    name: "Msvm_AffectedJobElement",
    keys: ["AffectedElement", "AffectingElement"],
    modelled: [],
    alsoShown: { ElementEffects: [0], OtherElementEffectsDescriptions: null },
    methods: {},
  },
];

/** The class of this name; WMI ignores letter case. */
export function classNamed(name: string): CimClass | undefined {
  return classes.find((one) => one.name.toLowerCase() === name.toLowerCase());
}

/** An instance with all its properties, in the order in which Windows writes them: by name. */
export function wholeInstance({ alsoShown }: CimClass, row: CimRow): CimRow {
  return Object.fromEntries(Object.entries({ ...alsoShown, ...row }).sort(([one], [other]) => (one < other ? -1 : 1)));
}
