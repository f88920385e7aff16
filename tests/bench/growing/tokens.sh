# Live tokens in Redis. Sourced by tests/bench/growth.

read -ra growth_token_sizes <<<"${ONEDOOR_GROWTH_TOKENS:-100000 1000000 10000000}"
growth_samples=100000 # of each step, so many are asked about

# Without the append-only file, which would be as large again, and slow to fill. All answers still come from Redis.
redis_plain() { redis config set appendonly no >"$out/redis.log"; }

growth_tokens() {
    local size there=0
    : >"$(points_of tokens)"
    redis flushall >"$out/redis.log"
    redis_plain
    subject_restart
    say
    say "| live tokens | Redis: bytes for each | with what its allocator can't give back | server MB |"
    say "|---|---|---|---|"
    for size in "${growth_token_sizes[@]}"; do
        tokens_fill $((size - there))
        there=$size
        tokens_line "$size"
        measure_point tokens "$size" introspection introspection-each-token client-credentials
    done
    growth_table tokens "live tokens"
    growth_plot tokens "live tokens"
}

# tokens_fill NUMBER: so many more; of some of them nobody has asked about yet, $tokens.0 and $tokens.1 are made.
tokens_fill() {
    local every=$(($1 / growth_samples))
    memory_before=$(redis_info used_memory) rss_before=$(redis_info used_memory_rss) keys_before=$(redis_keys)
    nice "$built/bench.fill" "$state/main.conf" service "$(get .apps.resource.resource)" records:read "$1" \
        "$((every > 0 ? every : 1))" 2>"$out/fill.log" | awk -v name="$tokens" '{ print > (name "." NR % 2) }' ||
        fail "Redis could not be filled; see $out/fill.log"
}

tokens_line() { # SIZE
    local added=$(($(redis_keys) - keys_before))
    say "| $1 | $((($(redis_info used_memory) - memory_before) / added)) | $((($(redis_info used_memory_rss) - rss_before) / added)) | $(rss_mb "$(subject_pid)") |"
}

# What a sign-in leaves behind, by kind of key: its own Redis memory, and how long it stays.
growth_sign-ins() {
    local before line
    redis flushall >"$out/redis.log"
    redis_plain
    subject_restart
    before=$(redis_info used_memory)
    line=$(load_sign-in 8 | grep '^RATE') || fail "nobody could sign in"
    awk -v bytes=$(($(redis_info used_memory) - before)) -v keys="$(redis_keys)" '{ printf "\nOf %d sign-ins (one person, authorization code, access and refresh token): %.1f keys and %.0f bytes of Redis each.\n",
        $NF, keys / $NF, bytes / $NF }' <<<"$line"
    say
    say "| lives for, s | keys for a sign-in | bytes of Redis for each |"
    say "|---|---|---|"
    sign_in_kinds "$(awk '{ print $NF }' <<<"$line")"
}

# Keys by the length of their life, of which kinds differ: rounded up to a quarter of an hour.
sign_in_kinds() { # SIGN_INS
    redis eval "local n, bytes = {}, {}
        for _, key in ipairs(redis.call('keys', '*')) do
            local life = redis.call('ttl', key)
            life = life < 0 and 0 or math.ceil(life / 900) * 900
            n[life] = (n[life] or 0) + 1
            bytes[life] = (bytes[life] or 0) + redis.call('memory', 'usage', key)
        end
        local lines = {}
        for life in pairs(n) do lines[#lines + 1] = string.format('%d %d %d', life, n[life], bytes[life]) end
        return lines" 0 | sort -n |
        awk -v sign_ins="$1" '$2 >= sign_ins / 2 { printf "| %d | %.1f | %.0f |\n", $1, $2 / sign_ins, $3 / $2 }'
}
