export { eventLogContract } from "./event-log.contract.ts";
export { stageStoreContract } from "./stage-store.contract.ts";
