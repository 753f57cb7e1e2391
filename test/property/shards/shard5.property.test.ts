import { checkShard } from "../shard";

checkShard(4);
