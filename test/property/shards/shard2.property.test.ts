import { checkShard } from "../shard";

checkShard(1);
