export { Settings } from "./settings.ts";
export { loadSettings, settingPaths, variableOf, type SettingsSources } from "./load-settings.ts";
