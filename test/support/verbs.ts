/** What the engine can ask of the plugin, without the border around it. */
export { check } from "../../provider/lifecycle/check";
export { forget } from "../../provider/lifecycle/delete";
export { diff } from "../../provider/lifecycle/diff";
export { read } from "../../provider/lifecycle/read";
export { runRequest as create } from "../../provider/lifecycle/runRequest";
export { update } from "../../provider/lifecycle/update";
