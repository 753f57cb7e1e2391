import { checkShard } from "../shard";

checkShard(0);
