import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.QuotaAndWindowApi;
import org.openapitools.client.api.ResolveApi;
import org.openapitools.client.model.QuotaEntriesItemsInner;
import org.openapitools.client.model.ResolveRequest;

class Client {
  public static void main(String[] arguments) throws Exception {
    ApiClient gateway = new ApiClient();
    gateway.updateBaseUri(arguments[0]);
    gateway.setRequestInterceptor(
        request -> request.header("Authorization", "Bearer " + arguments[1]));
    String asid = arguments[2];

    String psid =
        new ResolveApi(gateway)
            .resolve("100", new ResolveRequest().asids(List.of(asid)), "wait=10", null)
            .getMappings()
            .get(asid);

    QuotaEntriesItemsInner latest =
        new QuotaAndWindowApi(gateway).listQuotaEntries(null, 1, null).getItems().get(0);

    System.out.println(psid + " " + latest.getCallEntry().getAsked());
  }
}
