// chores-tracker as people write it with cdk8s in JavaScript: `node cdk8s_app.js apps.json OUT one|each`.
// `one` chart (a chart is a file) holds all apps, or each app has its own.
'use strict';

const fs = require('node:fs');
const { ApiObject, App, Chart } = require('cdk8s');
const { k8s } = require('cdk8s-plus-33');
const { Construct } = require('constructs');

const SECRETS = { DATABASE_URL: 'database-url', SECRET_KEY: 'secret-key', DB_PASSWORD: 'db-password' };
const IMAGE = '852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker:3.0.0';

class ChoresTracker extends Construct {
  constructor(scope, id, { name, host, database, user }) {
    super(scope, id);
    const metadata = { name, namespace: name };

    new ApiObject(this, 'application', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: 'argo-cd' },
      spec: {
        project: 'default',
        source: {
          repoURL: 'https://github.com/arigsela/kubernetes',
          targetRevision: 'main',
          path: `base-apps/${name}`,
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: name },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['CreateNamespace=true'],
        },
      },
    });

    new k8s.KubeConfigMap(this, 'config', {
      metadata: { name: `${name}-config`, namespace: name },
      data: { ENVIRONMENT: 'production', DEBUG: 'False', BACKEND_CORS_ORIGINS: `https://${host}` },
    });

    new ApiObject(this, 'secrets', {
      apiVersion: 'external-secrets.io/v1beta1',
      kind: 'ExternalSecret',
      metadata: { name: `${name}-secrets`, namespace: name },
      spec: {
        refreshInterval: '1h',
        secretStoreRef: { name: 'vault-backend', kind: 'SecretStore' },
        target: { name: `${name}-secrets` },
        data: Object.entries(SECRETS).map(([secretKey, property]) => ({
          secretKey,
          remoteRef: { key: name, property },
        })),
      },
    });

    new k8s.KubeDeployment(this, 'deployment', {
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [
              {
                name,
                image: IMAGE,
                imagePullPolicy: 'IfNotPresent',
                ports: [{ containerPort: 8000 }],
                envFrom: [
                  { configMapRef: { name: `${name}-config` } },
                  { secretRef: { name: `${name}-secrets` } },
                ],
                readinessProbe: {
                  httpGet: { path: '/api/v1/healthcheck', port: k8s.IntOrString.fromNumber(8000) },
                  initialDelaySeconds: 30,
                  periodSeconds: 5,
                },
              },
            ],
            imagePullSecrets: [{ name: 'ecr-registry' }],
          },
        },
      },
    });

    new k8s.KubeService(this, 'service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        ports: [{ port: 80, targetPort: k8s.IntOrString.fromNumber(8000) }],
        selector: { app: name },
      },
    });

    new ApiObject(this, 'ingress', {
      apiVersion: 'traefik.containo.us/v1alpha1',
      kind: 'IngressRoute',
      metadata,
      spec: {
        entryPoints: ['web'],
        routes: [{ match: `Host(\`${host}\`)`, kind: 'Rule', services: [{ name, port: 80 }] }],
      },
    });

    this.mysql('database', 'Database', database, {});
    this.mysql('user', 'User', user, {
      passwordSecretRef: { name: `${name}-secrets`, key: 'DB_PASSWORD', namespace: name },
    });
    this.mysql('grant', 'Grant', `${database}-grant`, { user, privileges: ['ALL'], database });
  }

  mysql(id, kind, name, forProvider) {
    new ApiObject(this, id, {
      apiVersion: 'mysql.sql.crossplane.io/v1alpha1',
      kind,
      metadata: { name },
      spec: { providerConfigRef: { name: 'mysql-provider' }, forProvider },
    });
  }
}

const [appsFile, outdir, charts] = process.argv.slice(2);
const app = new App({ outdir });
const shared = charts === 'one' ? new Chart(app, 'apps') : null;
for (const names of JSON.parse(fs.readFileSync(appsFile, 'utf-8')).apps) {
  new ChoresTracker(shared ?? new Chart(app, names.name), names.name, names);
}
app.synth();
