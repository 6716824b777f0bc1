-- The same lists, as MGET of Webdis.
local first, count, size, n = 1000000, 10000, 200, 0
local paths = {}

function init()
  for start = 0, count - size, size do
    local ids = {}
    for i = 0, size - 1 do
      ids[#ids + 1] = string.format("%d", (first + start + i) * 10000019)
    end
    paths[#paths + 1] = "/MGET/" .. table.concat(ids, "/")
  end
end

function request()
  n = n + 1
  return wrk.format("GET", paths[n % #paths + 1])
end
