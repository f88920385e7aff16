# One Redis of a cluster beside one that stands alone. Sourced by tests/bench/growth.
#
# All keys of a deployment begin alike, so a prefix that is a hash tag ("{o}") puts them into one slot, on one master:
# what belongs together is asked for together. Further deployments (counties, each with its own issuer) have further
# tags, and the cluster spreads those over its masters.

growth_cluster() {
    : >"$(points_of cluster)"
    redis flushall >"$out/redis.log"
    redis_plain
    subject_restart
    say
    say "| Redis | tokens | bytes for each |"
    say "|---|---|---|"
    cluster_point alone
    cluster_start
    cluster_point clustered
    cluster_stop
    growth_table cluster "Redis"
}

cluster_point() { # NAME
    tokens_fill "$growth_samples"
    say "| $1 | $growth_samples | $((($(redis_info used_memory) - memory_before) / ($(redis_keys) - keys_before))) |"
    measure_point cluster "$1" introspection introspection-each-token client-credentials
}

# A master that has all slots, and the server with it.
cluster_start() {
    mkdir -p "$state/redis-cluster"
    process_start redis-cluster redis-server "$root/server/demo-parts/redis.conf" --port $((7379 + offset)) --bind 127.0.0.1 \
        --cluster-enabled yes --cluster-config-file nodes.conf --appendonly no \
        --dir "$state/redis-cluster" --unixsocket "$state/redis-cluster/redis.sock"
    redis_name=redis-cluster redis_at=$state/redis-cluster/redis.sock
    wait_until 10 redis ping || fail "the cluster's Redis does not answer; see $state/log/redis-cluster.log"
    redis cluster addslotsrange 0 16383 >"$out/redis.log"
    wait_until 10 cluster_is_whole || fail "the cluster does not come to be; see $state/log/redis-cluster.log"
    cp "$state/main.conf" "$state/main.conf.alone"
    sed -i "s|^address = unix:.*|address = unix:$redis_at\nprefix = {o}|" "$state/main.conf"
    subject_restart
}
cluster_is_whole() { redis cluster info | grep -q '^cluster_state:ok'; }

cluster_stop() {
    [ "$redis_name" = redis-cluster ] || return 0
    process_stop redis-cluster
    redis_name=redis redis_at=
    [ ! -e "$state/main.conf.alone" ] || mv "$state/main.conf.alone" "$state/main.conf"
    subject_restart
}
