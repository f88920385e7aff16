# Background processes with a pid file and a log each. Sourced by server/demo.

pid_of() { cat "$state/run/$1.pid" 2>/dev/null; }

# Whether a process lives; one that ended but was not yet fetched by its parent does not.
alive() { [ -n "$1" ] && grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; }

process_runs() { alive "$(pid_of "$1")"; }

# process_start NAME COMMAND...: starts it detached, its output in log/NAME.log.
process_start() {
    local name=$1
    shift
    mkdir -p "$state/run" "$state/log"
    (cd "$state" && exec setsid "$@" >>"$state/log/$name.log" 2>&1 </dev/null) &
    echo $! >"$state/run/$name.pid"
}

# process_stop NAME: asks it to end, waits ten seconds, then insists.
process_stop() {
    local pid waited
    pid=$(pid_of "$1") || return 0
    if alive "$pid"; then
        kill -CONT "$pid" 2>/dev/null || true
        kill -TERM "$pid" 2>/dev/null || true
        for ((waited = 0; waited < 100; waited++)); do
            alive "$pid" || break
            sleep 0.1
        done
        ! alive "$pid" || kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -f "$state/run/$1.pid"
}

# wait_until SECONDS COMMAND...: true as soon as the command is.
wait_until() {
    local tries=$(($1 * 20))
    shift
    for (( ; tries > 0; tries--)); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.05
    done
    return 1
}

status() {
    local name
    for name in slapd redis onedoor-main onedoor-twin; do
        if process_runs "$name"; then
            say "$name: running (pid $(pid_of "$name"))"
        elif [ "$name" != onedoor-twin ]; then
            say "$name: stopped"
        fi
    done
}
