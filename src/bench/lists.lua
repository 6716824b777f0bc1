-- Lists of 200 known ids, a different window of them each time.
local page, key, first, count, size = "100", os.getenv("BENCH_KEY"), 1000000, 10000, 200
local bodies, n = {}, 0

function init()
  for start = 0, count - size, size do
    local ids = {}
    for i = 0, size - 1 do
      ids[#ids + 1] = '"' .. string.format("%d", (first + start + i) * 10000019) .. '"'
    end
    bodies[#bodies + 1] = '{"asids":[' .. table.concat(ids, ",") .. ']}'
  end
  wrk.headers["Authorization"] = "Bearer " .. key
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  n = n + 1
  return wrk.format("POST", "/v1/pages/" .. page .. "/mappings/resolve", nil, bodies[n % #bodies + 1])
end
