export { buildProcessor, type Processor, type ProcessorDeps } from "./build-processor.ts";
