export {
  buildGateway,
  type Gateway,
  type GatewayAddresses,
  type GatewayDeps,
  type GatewayHealth,
} from "./build-gateway.ts";
export { ClockWatch, type Stamp } from "./clock-watch.ts";
