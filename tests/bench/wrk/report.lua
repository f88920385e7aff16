-- What every wrk script prints at its end; read by parts/load.sh and scale.
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RATE %.1f P50 %d P99 %d ERRORS %d REQUESTS %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99), e.status + e.connect + e.read + e.write + e.timeout,
    summary.requests))
end
