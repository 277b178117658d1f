// An ltijs tool in one process: `node server.cjs '{"port": …, "storage": "…", "platforms": […]}'`.

const { Provider } = require("ltijs");
const Sequelize = require("ltijs-sequelize");
const sqlite = require("./database.cjs");

async function serve({ port, storage, platforms }) {
  const options = { dialect: "sqlite", dialectModule: sqlite, storage, logging: false };
  const plugin = new Sequelize("ltijs", "", "", options);
  Provider.setup("only-for-the-benchmark", { plugin }, { cookies: { secure: true, sameSite: "None" } });
  Provider.onConnect((token, _request, response) => response.send(token.userInfo.name));
  await Provider.deploy({ serverless: true, silent: true });
  for (const platform of platforms) {
    const registered = await Provider.registerPlatform(platform);
    await registered.platformActive(true);
  }
  Provider.app.listen(port, "127.0.0.1");
}

serve(JSON.parse(process.argv[2]));
