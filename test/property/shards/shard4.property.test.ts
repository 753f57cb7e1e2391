import { checkShard } from "../shard";

checkShard(3);
