import { checkShard } from "../shard";

checkShard(2);
