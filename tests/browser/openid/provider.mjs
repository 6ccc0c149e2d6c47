import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [, , here, port] = process.argv;
const provider = new Provider(`http://localhost:${port}`, {
  clients: [
    {
      client_id: "sedia",
      client_secret: "rahasia",
      redirect_uris: [`${here}/sign-in/openid/return`],
      post_logout_redirect_uris: [`${here}/sign-in`],
    },
  ],
  // As most providers do, it tells more than the subject only when it is asked for the userinfo.
  claims: { openid: ["sub"], profile: ["name", "groups"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: "Siti Aminah", groups: [id] }) }),
  pkce: { required: () => true },
});
createServer(provider.callback()).listen(Number(port), "127.0.0.1", () => console.log("ready"));
