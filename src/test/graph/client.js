// An ordinary program: all that it was told is the base URL.
import sdk from "facebook-nodejs-business-sdk";

const [baseUrl, token, proof, ids] = process.argv.slice(2);
const api = new sdk.FacebookAdsApi(token, "en_US", false);

try {
  const parameters = { user_ids: ids, appsecret_proof: proof };
  const answer = await api.call("POST", ["pages_id_mapping"], parameters, {}, false, baseUrl);
  console.log(JSON.stringify({ answer }));
} catch (error) {
  const { name, status, message, response } = error;
  console.log(JSON.stringify({ name, status, message, response }));
}
