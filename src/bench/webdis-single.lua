local first, count, n = 1000000, 10000, 0

function request()
  n = n + 1
  return wrk.format("GET", "/GET/" .. string.format("%d", (first + n % count) * 10000019))
end
